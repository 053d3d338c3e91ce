"""From the books to a forecast: histories under the live number, vehicles and services, and what is told beforehand."""
