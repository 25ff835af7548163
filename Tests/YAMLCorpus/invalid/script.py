import os

def main():
    print("hi: %s" % os.name)
