"""Dashboards and exports: what partner leads and coordinators see of their people and figures."""
