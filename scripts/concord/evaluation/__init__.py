"""How well predictions hold on evaluation rows, with honest uncertainty."""
