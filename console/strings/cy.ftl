sign-in = Mewngofnodi
