"""Reviews: governance agents whose checks come from tools that really ran."""
