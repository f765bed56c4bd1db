"""The released programme for other programs: conference apps, feed readers, search engines, social networks."""
