"""The parts counter and the shelves: hold, hand over, take back, move, send, scrap, put right."""
