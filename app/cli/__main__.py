"""`python -m app.cli`: as `wijzer`."""

from app.cli import main

if __name__ == "__main__":
    main()
