"""The platform side of LTI 1.3: launches, tokens, and the AGS, NRPS and deep linking services."""
