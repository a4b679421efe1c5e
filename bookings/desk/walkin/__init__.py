"""Who stands at the desk without an application."""
