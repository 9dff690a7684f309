"""What goes to the tax adviser: bookings, customers and vouchers as DATEV reads them (R115 to R119)."""
