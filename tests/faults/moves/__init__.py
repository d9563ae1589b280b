"""Every kind of move that a crash could tear: what stands before it, and how it is made."""
