"""What developers and the build use; nothing here runs in production."""
