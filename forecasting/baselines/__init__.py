"""The methods everybody knows, by their names: what a forecast has to beat, never what an order is made from."""
