"""The demo businesses: invented firms with real documents, made by the verbs everybody else uses."""
