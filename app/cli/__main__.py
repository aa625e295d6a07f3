"""`python -m app.cli`: as `wijzer`."""

from app.cli import main

main()
