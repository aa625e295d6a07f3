"""Tells the children of the past to the database, all at once."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from app.demo.data import DemoData
from app.demo.history import repository
from app.demo.history.book import Book
from app.demo.history.children import children
from app.demo.history.deliveries import tell_deliveries
from app.demo.history.story import tell_child
from app.demo.history.supply import Supply


def book_of(data: DemoData, today: date) -> Book:
    """The dossiers of the past as they are known when `today` begins: the same every time."""
    book, supply = Book(), Supply(data)
    for child in children(today):
        tell_child(book, child, supply, today)
    tell_deliveries(book, today)
    return book


async def tell_history(connection: AsyncConnection, data: DemoData, today: date) -> None:
    """Writes them, in the transaction of the connection, which stays the caller's to end; insight follows by itself."""
    await repository.write(connection, book_of(data, today))
