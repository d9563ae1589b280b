"""The end of what is kept: phases and previews, batches a manager approves, anonymisation, what goes by itself."""
