namespace MetaLlm.Engine.Ports;

/// <summary>The retrievers that this process has.</summary>
public interface IRetrievers
{
    /// <summary>Finds a retriever.</summary>
    /// <param name="name">Its name in the configuration.</param>
    /// <returns>Null where there is none of that name.</returns>
    IRetriever? Find(string name);
}
