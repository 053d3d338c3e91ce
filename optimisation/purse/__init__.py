"""The plan over all parts: purses, least order values and fees, in whole packs and with a proof of how good it is."""
