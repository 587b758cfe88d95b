"""Model card as a page.

- `beside`: files beside a model.json: card, equation, stand-alone file, nomogram
- `page`: model card as one HTML file that needs nothing else
- `settings`: settings of rule describe_model
"""
