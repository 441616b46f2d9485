"""All writes by people: who, when and why."""
