"""The report pack: what managers read every day, week or month, as one page that needs nothing else, or a workbook."""
