namespace MetaLlm.Storage.Migrations;

/// <summary>A database's schema does not fit this build; the database is left untouched.</summary>
/// <param name="message">What was found, what is needed, and what to do.</param>
public abstract class SchemaException(string message) : Exception(message);
