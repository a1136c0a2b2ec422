"""What the installation signs in with at providers: from the environment, else encrypted in the database."""
