"""The public pages: each view turns a request into plain data and a template."""
