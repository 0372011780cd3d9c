"""What is installed: node types, trigger types, plugins, the flow's JSON Schema."""
