"""The drawn journey as a value: read, checked, compiled. Pure: no database, no clock."""
