namespace MetaLlm.Engine.Ports;

/// <summary>Names a grain's state as Orleans' ADO.NET grain storage does.</summary>
/// <param name="IdHash">Hash of the grain's key.</param>
/// <param name="TypeHash">Hash of the name of the state.</param>
/// <param name="IdN0">First half of a key that is a GUID; 0 for others.</param>
/// <param name="IdN1">Second half of a key that is a GUID, or a key that is a number; 0 for others.</param>
/// <param name="IdText">A key that is a text; empty for others.</param>
/// <param name="TypeName">Name of the state.</param>
/// <param name="ServiceId">The service of the cluster.</param>
public readonly record struct GrainStateKey(int IdHash, int TypeHash, long IdN0, long IdN1, string IdText, string TypeName, string ServiceId);
