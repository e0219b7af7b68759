"""Networks: built by name or by the author's code, their trained weights read without trust."""
