using MetaLlm.Core.Tenancy;

namespace MetaLlm.Storage.Sqlite;

/// <summary>A decision ready to be written: encoded by its caller, so that the writer thread only copies bytes.</summary>
internal readonly record struct EncodedDecision(DecisionRecord Decision, byte[] Context, ReadOnlyMemory<byte> Record);
