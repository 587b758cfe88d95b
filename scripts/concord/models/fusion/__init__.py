"""Late fusion: arms that combine the scores of other arms."""
