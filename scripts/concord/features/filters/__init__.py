"""Response maps of the IBSI 2 image filters; `resolve`, then `responses`."""
