"""The trusted side: starts and ends runners, asks them over the wire, and believes nothing that they say."""
