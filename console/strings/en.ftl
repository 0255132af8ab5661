# English.
sign-in = Sign in
