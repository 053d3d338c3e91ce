"""Values into tables, pages and workbooks for people, in English and Simplified Chinese."""
