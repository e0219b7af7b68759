"""The certification engine against its own ceiling and against what others write."""
