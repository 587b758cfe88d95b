# Without dependencies: an environment file cannot say so. The others are in
# second_engine.yaml.
python -m pip install --no-deps "z-rad ==26.9.0"
