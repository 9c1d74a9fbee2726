"""The stack on one machine: embedded PostgreSQL and broker, and the supervisor behind `manage.py up`.

Knows programs, files and processes, and nothing of people, journeys or messages. Imports no app.
"""
