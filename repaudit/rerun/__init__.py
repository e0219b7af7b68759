"""The re-run: the declared pipeline and network, measured again. The only room with torch."""
