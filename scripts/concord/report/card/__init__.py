"""Model card as a page.

- `beside`: folder that describes a model: card, equation, stand-alone file, nomogram
- `page`: model card as one HTML file that needs nothing else
- `settings`: settings of the rules describe_model and describe_updates
"""
