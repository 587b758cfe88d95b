"""Treatment and marker: for whom a treatment works."""
