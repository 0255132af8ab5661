# Welsh. Awaits a translator's review.
sign-in = Mewngofnodi
