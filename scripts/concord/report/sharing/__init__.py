"""What goes along with the results."""
