"""``python -m repaudit``: the command line without its script."""

from repaudit.cli import main

if __name__ == "__main__":
    main()
