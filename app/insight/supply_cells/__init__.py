"""The statements by which figures of supply are gathered: how it stood when a period ended, and over its days."""
