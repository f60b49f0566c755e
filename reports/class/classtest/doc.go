// Package classtest holds the class that every rendering of a class is tested with, and the test that each must pass.
package classtest
