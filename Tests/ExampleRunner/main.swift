import CommandLineTool
import Retrieval

var catalog = Catalog.builtIn
catalog.losses.register(LeadLoss.entry)
TFRSRun.main(catalog: catalog)
