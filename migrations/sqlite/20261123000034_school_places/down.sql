DROP TABLE school_places;
