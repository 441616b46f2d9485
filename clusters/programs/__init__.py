"""What can be applied for, and until when."""
