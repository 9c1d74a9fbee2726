"""How what this package holds about a person follows her into the profile that stays (`audiences.followers`)."""
