"""What the recipes share. It knows about training and files, and nothing about any platform."""
