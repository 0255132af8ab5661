DROP TABLE officer_coverage;
DROP TABLE officer_services;
DROP TABLE officer_areas;
DROP TABLE officers;
DROP TABLE services;
DROP TABLE schools;
